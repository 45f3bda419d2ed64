import { dirname, join, normalize } from 'node:path';
import ts from 'typescript';

/** A source file: its path from `src/`, with forward slashes, and its text. */
export interface Source {
  readonly path: string;
  readonly text: string;
}

/** One import: of a file of ours (a path from `src/`), or of a package. */
export interface Import {
  readonly from: string;
  readonly to: string;
  readonly isOurs: boolean;
  readonly typesOnly: boolean;
}

/** Everything a file imports or re-exports, `import('…')` and `import type` included. */
export function importsOf({ path, text }: Source): readonly Import[] {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const found: Import[] = [];
  const add = (specifier: ts.Node | undefined, typesOnly: boolean): void => {
    if (specifier === undefined || !ts.isStringLiteralLike(specifier)) return;
    const isOurs = specifier.text.startsWith('.');
    const to = isOurs ? normalize(join(dirname(path), specifier.text)) : specifier.text;
    found.push({ from: path, to, isOurs, typesOnly });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) add(node.moduleSpecifier, onlyTypes(node.importClause));
    else if (ts.isExportDeclaration(node)) add(node.moduleSpecifier, node.isTypeOnly);
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument))
      add(node.argument.literal, true);
    else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
      add(node.arguments[0], false);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

function onlyTypes(clause: ts.ImportClause | undefined): boolean {
  if (clause === undefined) return false;
  if (clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true;
  const { namedBindings } = clause;
  return (
    clause.name === undefined &&
    namedBindings !== undefined &&
    ts.isNamedImports(namedBindings) &&
    namedBindings.elements.every((one) => one.isTypeOnly)
  );
}

/** A room of the house: what it may use of the others, and which packages it may touch. */
interface Room {
  readonly rooms: readonly string[];
  /** Rooms of which it may know the types only: nothing of them ends up in its code. */
  readonly types?: readonly string[];
  /** Files it may use besides. */
  readonly files?: readonly string[];
  readonly packages: readonly RegExp[];
}

const NODE = /^node:/u;
const ANY = /^/u;
/** The archived SDK; the client of Direct Line in the browser is another matter. */
const BOT_FRAMEWORK = /^bot(builder|framework(?!-directlinejs$))/u;

/** Who may use whom, design 7: `session ← cards ← handoff ← adapters, server ← reconnect ← main, local`. */
const ROOMS: Readonly<Record<string, Room>> = {
  session: { rooms: [], packages: [] },
  settings: { rooms: ['session'], packages: [/^(zod|jsonc-parser)$/u] },
  cards: { rooms: ['session'], packages: [] },
  // What admins run beside the house: settings checked, told of and tried out.
  admin: {
    rooms: ['session', 'settings', 'cards', 'handoff'],
    packages: [NODE, /^fastest-levenshtein$/u],
  },
  handoff: {
    rooms: ['session', 'cards'],
    files: ['clock.ts'],
    // Return codes are made of its words.
    packages: [NODE, BOT_FRAMEWORK, /^@scure\/bip39\/wordlists\//u],
  },
  // What is measured: pure, and no telemetry SDK. Only its adapter knows one.
  telemetry: { rooms: ['session', 'handoff'], packages: [] },
  adapters: { rooms: ['session', 'cards', 'handoff', 'telemetry'], files: ['clock.ts'], packages: [ANY] },
  server: {
    rooms: ['session', 'cards', 'handoff', 'settings'],
    // The server hands out what these two adapters make; it never makes them.
    types: ['adapters'],
    files: ['clock.ts'],
    packages: [NODE, /^(restify|jose|zod|botbuilder)$/u],
  },
  // The environment of production, read and judged; it starts nothing.
  config: {
    rooms: ['settings', 'cards/overrides'],
    files: ['adapters/cosmos/containers.ts'],
    packages: [],
  },
  pages: {
    rooms: [
      'cards/wording',
      'cards/page-wording',
      'cards/fill',
      'cards/time',
      'cards/names',
      'cards/markdown',
      'cards/markdown-blocks',
      'cards/markdown-runs',
      'cards/address',
    ],
    types: ['session', 'cards', 'handoff', 'admin/drive', 'local/teams'],
    packages: [
      /^(@microsoft\/teams-js|@fluentui\/(?:web-components|tokens)|adaptivecards|dompurify|botframework-directlinejs)(\/|$)/u,
    ],
  },
  local: {
    rooms: [
      'session',
      'cards',
      'handoff',
      'adapters',
      'server',
      'settings',
      'admin',
      'pages/teams-host/wire',
      'customer',
    ],
    files: ['clock.ts', 'reconnect.ts'],
    packages: [ANY],
  },
  // A command for those who deploy; nothing of it runs in the house.
  manifest: { rooms: [], packages: [NODE, /^(ajv|fflate)$/u] },
  // A command for those who answer a customer's request; it opens the store beside the house.
  customer: {
    rooms: ['session', 'cards', 'handoff', 'adapters', 'settings'],
    files: ['clock.ts', 'config.ts'],
    packages: [NODE, /^@azure\/identity$/u],
  },
  'local/cosmos': {
    rooms: [],
    files: ['clock.ts', 'adapters/cosmos/containers.ts'],
    packages: [NODE, /^@azure\/cosmos$/u],
  },
};

/** Files beside the rooms. */
const FILES: Readonly<Record<string, Room>> = {
  'clock.ts': { rooms: [], packages: [] },
  'reconnect.ts': {
    rooms: ['session', 'cards', 'handoff', 'adapters', 'settings'],
    files: ['clock.ts'],
    packages: [NODE, BOT_FRAMEWORK],
  },
  'index.ts': {
    rooms: ['session', 'cards', 'handoff', 'adapters', 'settings'],
    files: ['clock.ts', 'reconnect.ts'],
    packages: [],
  },
  'config.ts': { rooms: ['config', 'settings'], packages: [] },
  'bot-module.ts': { rooms: ['handoff', 'adapters'], packages: [NODE] },
  'production.ts': {
    rooms: ['session', 'cards', 'handoff', 'adapters', 'server', 'settings'],
    files: ['clock.ts', 'config.ts', 'reconnect.ts', 'bot-module.ts'],
    packages: [ANY],
  },
  'main.ts': {
    rooms: ['adapters/telemetry', 'server'],
    files: ['clock.ts', 'config.ts', 'production.ts'],
    packages: [NODE],
  },
};

/** The only places that may know the archived Bot Framework SDK; a second binding would stand beside them. */
const KNOW_BOT_FRAMEWORK =
  /^(handoff\/(middleware|activities|bot-record)\.ts|adapters\/(botframework|teams)\/|local\/|reconnect\.ts|production\.ts|server\/messages\.ts)/u;

/** Why this import breaks the design, or `undefined`. */
export function brokenArrow(one: Import): string | undefined {
  const home = roomOf(one.from);
  const room = FILES[one.from] ?? ROOMS[home];
  if (room === undefined) return `${one.from}: there is no such room`;
  if (!one.isOurs) {
    if (BOT_FRAMEWORK.test(one.to) && !KNOW_BOT_FRAMEWORK.test(one.from))
      return `${one.from} must not know ${one.to}`;
    return room.packages.some((allowed) => allowed.test(one.to))
      ? undefined
      : `${one.from} must not use the package ${one.to}`;
  }
  if (roomOf(one.to) === home && home !== '') return undefined;
  const isAllowed =
    one.to === 'clock.ts' ||
    (room.files ?? []).includes(one.to) ||
    room.rooms.some((allowed) => isIn(one.to, allowed)) ||
    (one.typesOnly && (room.types ?? []).some((allowed) => isIn(one.to, allowed))) ||
    (home === 'local' && isIn(one.to, 'local'));
  return isAllowed ? undefined : `${one.from} must not import ${one.to}`;
}

/** The room a file is in; `''` for the files beside the rooms. */
const roomOf = (path: string): string => {
  if (path.startsWith('local/cosmos/')) return 'local/cosmos';
  return path.includes('/') ? (path.split('/')[0] ?? '') : '';
};

const isIn = (path: string, place: string): boolean =>
  path.startsWith(`${place}/`) || path === `${place}.ts` || path.startsWith(`${place}.`);
