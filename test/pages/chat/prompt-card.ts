import type { Line, PromptAnswer } from '../../../src/cards/views.ts';

/** A prompt such as the house sends, as an attachment. */
export function promptCard(answer: PromptAnswer, agent: string, last: Line | undefined) {
  const button = (title: string, choice: PromptAnswer['choice'], style?: 'positive') => ({
    type: 'Action.Submit',
    title,
    ...(style === undefined ? {} : { style }),
    data: { reconnect: { ...answer, choice } },
  });
  return {
    contentType: 'application/vnd.microsoft.card.adaptive',
    content: {
      type: 'AdaptiveCard',
      version: '1.5',
      body: [
        {
          type: 'TextBlock',
          text: 'Welcome back, Lea',
          size: 'Large',
          weight: 'Bolder',
          wrap: true,
          style: 'heading',
        },
        { type: 'TextBlock', text: `You were talking with **${agent}**`, wrap: true },
        {
          type: 'TextBlock',
          text: 'here now, answers at once',
          color: 'Good',
          size: 'Small',
          spacing: 'None',
          wrap: true,
        },
        {
          type: 'Container',
          style: 'emphasis',
          items: [
            {
              type: 'TextBlock',
              text: 'The last thing said, 10:08',
              size: 'Small',
              isSubtle: true,
              wrap: true,
            },
            { type: 'TextBlock', text: last?.text ?? '', spacing: 'None', wrap: true },
          ],
        },
        {
          type: 'TextBlock',
          text: `${agent} keeps your place for 7 more minutes.`,
          size: 'Small',
          isSubtle: true,
          wrap: true,
        },
      ],
      actions: [
        button(`Continue with ${agent}`, 'agent', 'positive'),
        button('Anyone, with my history', 'anyone'),
        button('Start fresh', 'fresh'),
      ],
    },
  };
}
