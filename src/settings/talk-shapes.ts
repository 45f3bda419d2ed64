import { z } from 'zod';
import { cannedFaults } from '../session/canned.ts';

/** A host whose pages an agent may show. */
export const pageHost = z
  .string()
  .regex(
    /^(?:\*\.)?[a-z0-9-]+(?:\.[a-z0-9-]+)+$/u,
    'must be a host such as "www.example.com", or "*.example.com" for all below it',
  );

const cannedResponse = z
  .strictObject({
    title: z.string(),
    shortcut: z.string(),
    text: z.string(),
    language: z.string().optional(),
  })
  .transform(({ language, ...rest }, context) => {
    const draft = { ...rest, ...(language !== undefined && { language }) };
    for (const { field, rule } of cannedFaults(draft))
      context.addIssue({ code: 'custom', path: [field], message: rule });
    return { id: `set-${draft.shortcut.toLowerCase()}`, ...draft };
  });
/** What the agents of a work stream can say from the start. */
export const cannedResponses = z
  .array(cannedResponse)
  .superRefine((all, context) => {
    for (const [i, { id, shortcut }] of all.entries())
      if (all.findIndex((one) => one.id === id) < i)
        context.addIssue({ code: 'custom', path: [i, 'shortcut'], message: `/${shortcut} is there twice` });
  })
  .meta({
    takes:
      'a list of `{ title, shortcut, text, language? }`: title 1 to 60 characters, shortcut 1 to 30 letters, digits and -, each once; text Markdown, at most 8,000, with the placeholders `{customer}`, `{agent}`, `{company}`, `{reference}`, `{reconnectLink}` and no others',
  });
