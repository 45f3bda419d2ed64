/** One event of a text/event-stream. */
export interface ServerEvent {
  readonly event: string;
  readonly data: string;
}

/**
 * Reads a text/event-stream piece by piece: give it each chunk as it comes, get the events it completed. Comments, ids
 * and retry hints are skipped; `\r\n`, `\n` and `\r` all end a line. Source: HTML Living Standard, 9.2.6.
 */
export function eventReader(): (chunk: string) => readonly ServerEvent[] {
  let rest = '';
  return (chunk) => {
    const text = rest + chunk;
    // A chunk may stop between \r and \n: taken for two line ends it would end an event too early.
    const whole = text.endsWith('\r') ? text.slice(0, -1) : text;
    const blocks = whole.replaceAll(/\r\n?/g, '\n').split('\n\n');
    rest = (blocks.pop() ?? '') + text.slice(whole.length);
    return blocks.map(eventOf).filter((event) => event !== undefined);
  };
}

function eventOf(block: string): ServerEvent | undefined {
  let event = 'message';
  const data: string[] = [];
  for (const line of block.split('\n')) {
    const colon = line.indexOf(':');
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'event') event = value;
    if (field === 'data') data.push(value);
  }
  return data.length === 0 && event === 'message' ? undefined : { event, data: data.join('\n') };
}
