import { badRequest, notImplemented } from '../wire.ts';

export type Token =
  | { readonly kind: 'word' | 'parameter' | 'mark' | 'end'; readonly text: string; readonly at: number }
  | { readonly kind: 'string'; readonly text: string; readonly value: string; readonly at: number }
  | { readonly kind: 'number'; readonly text: string; readonly value: number; readonly at: number };

const shape =
  /\s*(?:(?<comment>--|\/\*)|(?<string>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(?<number>-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|(?<parameter>@[A-Za-z_]\w*)|(?<word>[A-Za-z_]\w*)|(?<mark><=|>=|!=|<>|\|\||\?\?|[^\s\w]))/y;

/** Cuts a query's text into tokens; the last one is `end`. */
export function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  shape.lastIndex = 0;
  while (text.slice(shape.lastIndex).trim() !== '') {
    const from = shape.lastIndex;
    const found = shape.exec(text)?.groups;
    if (found === undefined) throw badRequest(`Syntax error near ${text.slice(from, from + 20)}`);
    const at = shape.lastIndex;
    if (found['comment'] !== undefined) throw notImplemented('comments in a query');
    const value =
      found['string'] ?? found['number'] ?? found['parameter'] ?? found['word'] ?? found['mark'] ?? '';
    const start = at - value.length;
    if (found['string'] !== undefined)
      tokens.push({ kind: 'string', text: value, value: unquote(value), at: start });
    else if (found['number'] !== undefined)
      tokens.push({ kind: 'number', text: value, value: Number(value), at: start });
    else if (found['parameter'] !== undefined) tokens.push({ kind: 'parameter', text: value, at: start });
    else tokens.push({ kind: found['word'] === undefined ? 'mark' : 'word', text: value, at: start });
  }
  return [...tokens, { kind: 'end', text: 'the end', at: text.length }];
}

/** Cosmos DB's strings escape as JSON's do, in either quote. */
function unquote(text: string): string {
  const inner = text.slice(1, -1).replaceAll(/\\?"/g, '\\"').replaceAll("\\'", "'");
  try {
    return String(JSON.parse(`"${inner}"`));
  } catch {
    throw badRequest(`Syntax error: the string ${text} has an escape that is none.`);
  }
}
