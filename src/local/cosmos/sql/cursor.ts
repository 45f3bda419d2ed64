import { badRequest, notImplemented, type CosmosError } from '../wire.ts';
import type { Constant, Path } from './syntax.ts';
import { tokensOf, type Token } from './tokens.ts';
import type { Scalar } from './values.ts';

/** Walks the tokens of one query. Words compare without case; `take` moves on when it finds, `need` refuses when not. */
export interface Cursor {
  readonly position: () => number;
  readonly moveTo: (position: number) => void;
  /** Where in the text the next token starts. */
  readonly offset: () => number;
  readonly peek: (...texts: readonly string[]) => boolean;
  readonly peekWord: () => boolean;
  readonly take: (text: string) => boolean;
  readonly need: (text: string) => void;
  readonly skipTo: (text: string) => void;
  readonly word: () => string;
  /** A property's name: a word, or a string. */
  readonly name: () => string;
  readonly setAlias: (alias: string) => void;
  readonly takeLiteral: () => Scalar | undefined;
  /** The constant that comes next, if one does. */
  readonly takeConstant: () => Constant | undefined;
  readonly constant: () => Constant;
  readonly path: () => Path;
  readonly unexpected: () => CosmosError;
  readonly finish: () => void;
}

const words: Readonly<Record<string, Scalar>> = { TRUE: true, FALSE: false, NULL: null };

/** Words that are no property names after a dot, on the service either. */
const reserved = new Set(
  (
    'AND AS ASC BETWEEN BY CASE DESC DISTINCT ELSE END ESCAPE EXISTS FALSE FOR FROM GROUP HAVING IN JOIN LEFT LIKE ' +
    'LIMIT NOT NULL OFFSET ON OR ORDER OVER RIGHT SELECT THEN TOP TRUE UNDEFINED VALUE WHEN WHERE WITH'
  ).split(' '),
);

/** Property names that may go into SQLite's JSON paths as they are. */
const plain = /^[^"\\\u0000-\u001f]+$/;

export function cursorOver(text: string): Cursor {
  const tokens = tokensOf(text);
  let at = 0;
  let alias: string | undefined;
  const next = (): Token => tokens[at] ?? { kind: 'end', text: 'the end', at: text.length };
  const is = (token: Token, wanted: string) => token.kind !== 'string' && token.text.toUpperCase() === wanted;
  const take = (wanted: string): boolean => {
    if (!is(next(), wanted)) return false;
    at++;
    return true;
  };
  const unexpected = (): CosmosError => {
    const token = next();
    return token.kind === 'end'
      ? badRequest('Syntax error: the query ends too soon.')
      : notImplemented(`${token.text} here in a query: ${text}`);
  };
  const need = (wanted: string) => {
    if (take(wanted)) return;
    throw badRequest(`Syntax error: expected ${wanted} but found ${next().text} in: ${text}`);
  };
  const word = (): string => {
    const token = next();
    if (token.kind !== 'word') throw unexpected();
    at++;
    return token.text;
  };
  const property = (): string => {
    const found = word();
    if (reserved.has(found.toUpperCase()))
      throw badRequest(`Syntax error: ${found} is a keyword; write ["${found}"].`);
    return found;
  };
  const name = (): string => {
    const token = next();
    if (token.kind !== 'string') return word();
    at++;
    if (!plain.test(token.value)) throw notImplemented(`the property name ${token.text}`);
    return token.value;
  };
  const takeLiteral = (): Scalar | undefined => {
    const token = next();
    if (token.kind === 'string' || token.kind === 'number') {
      at++;
      return token.value;
    }
    const value = token.kind === 'word' ? words[token.text.toUpperCase()] : undefined;
    if (value !== undefined) at++;
    return value;
  };
  const takeConstant = (): Constant | undefined => {
    const token = next();
    if (token.kind === 'parameter') {
      at++;
      return { kind: 'parameter', name: token.text };
    }
    const value = takeLiteral();
    return value === undefined ? undefined : { kind: 'literal', value };
  };
  return {
    position: () => at,
    moveTo: (position) => void (at = position),
    offset: () => next().at,
    peek: (...texts) => texts.some((one) => is(next(), one)),
    peekWord: () => next().kind === 'word',
    take,
    need,
    skipTo: (wanted) => {
      while (next().kind !== 'end' && !is(next(), wanted)) at++;
      need(wanted);
    },
    word,
    name,
    setAlias: (given) => void (alias = given),
    takeLiteral,
    takeConstant,
    constant: () => {
      const constant = takeConstant();
      if (constant === undefined) throw unexpected();
      return constant;
    },
    path: () => {
      const start = next();
      const root = word();
      if (tokens[at]?.text === '(') throw notImplemented(`the function ${root}`);
      if (root !== alias) throw badRequest(`Identifier '${start.text}' could not be resolved in: ${text}`);
      const path: (string | number)[] = [];
      for (;;) {
        if (take('.')) path.push(property());
        else if (take('[')) {
          const token = next();
          if (token.kind === 'number' && Number.isInteger(token.value) && token.value >= 0) {
            at++;
            path.push(token.value);
          } else path.push(name());
          need(']');
        } else return path;
      }
    },
    unexpected,
    finish: () => {
      if (next().kind !== 'end') throw unexpected();
    },
  };
}
