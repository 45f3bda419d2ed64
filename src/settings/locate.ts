import { parseTree, printParseErrorCode, type Node, type ParseError } from 'jsonc-parser';

/** Where something stands in a file, as editors count: both from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** What is wrong with a text as JSON, whatever it says. */
export interface TextFault extends Place {
  readonly rule: string;
}

/** A settings file read with its places. */
export interface Located {
  /** What is no JSON, and settings given twice, of which JSON keeps the last without a word. */
  readonly faults: readonly TextFault[];
  /** Where the setting of this path (`widgets.chat.title`) stands, or the nearest around it that does. */
  readonly placeOf: (path: string) => Place;
}

/** Reads where everything in a JSON text stands. Comments and trailing commas are faults, as they are at the start. */
export function locate(text: string): Located {
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { disallowComments: true });
  const at = (offset: number): Place => placeAt(text, offset);
  return {
    faults: [
      // One slip makes the reader stumble twice in one place.
      ...errors
        .filter(({ offset }, i) => errors.findIndex((one) => one.offset === offset) === i)
        .map(({ error, offset }) => ({
          ...at(offset),
          rule: SAID[printParseErrorCode(error)] ?? OTHER,
        })),
      ...(root === undefined ? [] : twice(root)).map(({ key, offset }) => ({
        ...at(offset),
        rule: `"${key}" is given twice here; only the last would count`,
      })),
    ],
    placeOf: (path) => at(root === undefined ? 0 : offsetOf(root, path)),
  };
}

const OTHER = 'this is not JSON';
const SAID: Readonly<Record<string, string>> = {
  InvalidCommentToken: 'JSON has no comments',
  PropertyNameExpected:
    'the name of a setting in double quotes is missing here, or a comma before it is too many',
  ValueExpected: 'a value is missing here, or a comma before it is too many',
  ColonExpected: 'a colon is missing here',
  CommaExpected: 'a comma is missing here',
  CloseBraceExpected: 'a closing brace } is missing here',
  CloseBracketExpected: 'a closing bracket ] is missing here',
  EndOfFileExpected: 'the file goes on after its end',
  UnexpectedEndOfString: 'a closing double quote is missing here',
  InvalidSymbol: 'this is no value: text stands in double quotes',
};

function placeAt(text: string, offset: number): Place {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

/** Names may have dots in them, as those of sentences do: the one that leads furthest is meant. */
function offsetOf(root: Node, path: string): number {
  const found = (
    node: Node,
    offset: number,
    rest: string,
  ): { readonly offset: number; readonly rest: string } =>
    partsOf(node)
      .filter(({ key }) => rest === key || rest.startsWith(`${key}.`))
      .map(({ key, value, offset: from }) => found(value, from, rest.slice(key.length + 1)))
      .reduce((best, one) => (one.rest.length < best.rest.length ? one : best), { offset, rest });
  return found(root, root.offset, path).offset;
}

interface Part {
  readonly key: string;
  readonly value: Node;
  readonly offset: number;
}

const partsOf = ({ type, children = [] }: Node): readonly Part[] =>
  type === 'array'
    ? children.map((value, i) => ({ key: String(i), value, offset: value.offset }))
    : children.flatMap((property): Part[] => {
        const [name, value] = property.children ?? [];
        return name === undefined || value === undefined
          ? []
          : [{ key: String(name.value), value, offset: name.offset }];
      });

const twice = (node: Node): readonly Part[] => {
  const parts = partsOf(node);
  const keys = parts.map(({ key }) => key);
  return [
    ...(node.type === 'object' ? parts.filter(({ key }, i) => keys.indexOf(key) < i) : []),
    ...parts.flatMap(({ value }) => twice(value)),
  ];
};
