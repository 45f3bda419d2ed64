/** An ARM template expression, read. Source: Azure docs, template syntax and expressions. */
export type Expression =
  | { readonly kind: 'value'; readonly value: string | number }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Expression[] }
  | { readonly kind: 'of'; readonly whole: Expression; readonly part: Expression };

/** Whether a string of a template is an expression: `[…]`, and not `[[…`, which stands for itself. */
export const isExpression = (text: string): boolean =>
  text.startsWith('[') && !text.startsWith('[[') && text.endsWith(']');

/** Reads what stands between the brackets. @throws Error naming where it cannot be read */
export function readExpression(text: string): Expression {
  let at = 1;
  const fault = (): Error => new Error(`Cannot be read at ${at}: ${text.slice(0, 80)}`);
  const space = (): void => {
    while (/\s/u.test(text[at] ?? '')) at += 1;
  };
  const take = (sign: string): void => {
    if (text[at] !== sign) throw fault();
    at += 1;
  };
  const match = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    const [found] = pattern.exec(text) ?? [];
    at += found?.length ?? 0;
    return found;
  };
  const whole = (): Expression => {
    space();
    let read = start();
    for (;;) {
      space();
      if (text[at] === '.') {
        at += 1;
        const name = match(/[A-Za-z_]\w*/uy);
        if (name === undefined) throw fault();
        read = { kind: 'of', whole: read, part: { kind: 'value', value: name } };
      } else if (text[at] === '[') {
        at += 1;
        read = { kind: 'of', whole: read, part: whole() };
        take(']');
      } else return read;
    }
  };
  const start = (): Expression => {
    const string = match(/'(?:[^']|'')*'/uy);
    if (string !== undefined) return { kind: 'value', value: string.slice(1, -1).replaceAll("''", "'") };
    const number = match(/-?\d+/uy);
    if (number !== undefined) return { kind: 'value', value: Number(number) };
    const name = match(/[A-Za-z]\w*/uy);
    if (name === undefined) throw fault();
    take('(');
    const args: Expression[] = [];
    space();
    while (text[at] !== ')') {
      args.push(whole());
      space();
      if (text[at] !== ',') break;
      at += 1;
    }
    take(')');
    return { kind: 'call', name, args };
  };
  const read = whole();
  space();
  if (at !== text.length - 1) throw fault();
  return read;
}

/** Every call in a value of a template, however deep. */
export function callsIn(value: unknown): readonly { name: string; args: readonly Expression[] }[] {
  if (typeof value === 'string') return isExpression(value) ? callsOf(readExpression(value)) : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, one]) => [...callsIn(key), ...callsIn(one)]);
}

function callsOf(read: Expression): readonly { name: string; args: readonly Expression[] }[] {
  switch (read.kind) {
    case 'value':
      return [];
    case 'of':
      return [...callsOf(read.whole), ...callsOf(read.part)];
    case 'call':
      return [read, ...read.args.flatMap(callsOf)];
  }
}
