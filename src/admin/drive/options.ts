/** What a test drive takes, of the command and of the page: by name, what is written, and what it means. */
export const OPTIONS = {
  widget: ['NAME', 'the widget; the first one unless told'],
  drop: ['TIME[:silence|window|phone]', 'the customer is cut off, closes the window, or locks the phone'],
  return: ['TIME[:prompt|link|code|page][:agent|anyone|fresh]', 'the customer comes back, and wants this'],
  says: ['TIME', 'the customer writes'],
  'customer-suspends': ['TIME', 'the customer sets the chat aside and goes'],
  message: ['TIME', 'the customer leaves a message in place of waiting, and goes'],
  ends: ['TIME', 'the customer ends the chat'],
  answers: ['TIME', 'the agent writes'],
  link: ['TIME', 'the agent sends a reconnect link'],
  suspend: ['TIME[:TIME]', 'the agent sets the chat aside, and promises to be back by then'],
  resume: ['TIME', 'the agent resumes it'],
  close: ['TIME', 'the agent closes it'],
  'agent-leaves': ['TIME', 'the agent goes away'],
  'agent-silent': ['TIME', 'the agent gives no sign of life any more'],
  'agent-back': ['TIME', 'the agent is back'],
  asked: [
    'yes[:TIME]|no[:TIME]|nothing',
    'what the agent says when asked, so long after; yes:20s unless told',
  ],
  colleague: ['TIME', 'a colleague takes what stands in line, so long after it does'],
  customer: ['signed-in|anonymous', 'who the customer is; signed-in unless told'],
  start: ['MOMENT', 'when the agent takes the chat, such as 2026-12-24T11:50Z'],
} as const;
export type OptionName = keyof typeof OPTIONS;

/** A test drive as it was written: a text for each option, several for what happens more than once. */
export type Written = Partial<Readonly<Record<OptionName, string | readonly string[] | undefined>>>;
