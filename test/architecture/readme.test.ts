import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { expect, test } from 'vitest';
import { kindsTable } from '../../src/adapters/cosmos/kinds.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const readme = readFileSync(join(root, 'README.md'), 'utf8');

/** What the example leaves to its reader. */
const given = `
declare const endpoint: string, credential: import('@azure/identity').TokenCredential, appId: string, pepper: string;
declare const bot: import('botbuilder').ActivityHandler, json: unknown;
`;

/** What stands before its second example. */
const before = `
import { reconnect, type ReconnectOptions } from 'botbuilder-reconnect';
declare const { adapter, stores, settings, log }: ReconnectOptions;
`;

test('the example of the README compiles against what the package exports', () => {
  const [, example = ''] = /```ts\n([\s\S]*?)```/u.exec(readme) ?? [];
  expect(example).toContain('reconnect(');
  expect(faultsOf(`${given}${example}`)).toEqual([]);
  expect(faultsOf(`${given}${example}\nmiddleware.nothing();`)).toHaveLength(1);
});

test.each(['onInteraction', 'onErasure'])(
  'the README’s %s for a CRM compiles against what we export',
  (name) => {
    const examples = [...readme.matchAll(/```ts\n([\s\S]*?)```/gu)].map(([, text = '']) => text);
    const hook = examples.find((text) => text.includes(name)) ?? '';
    expect(hook).not.toBe('');
    expect(faultsOf(`${given}${before}${hook}`)).toEqual([]);
  },
);

test('the README’s telemetry compiles against what the package exports', () => {
  const examples = [...readme.matchAll(/```ts\n([\s\S]*?)```/gu)].map(([, text = '']) => text);
  const example = examples.find((text) => text.includes('startTelemetry')) ?? '';
  expect(example).not.toBe('');
  const around = `import { startTelemetry } from 'botbuilder-reconnect';
declare const connectionString: string, instance: string, version: string;`;
  expect(faultsOf(`${around}\n${example}`)).toEqual([]);
});

test('row 93: the README tells of every kind of document what it holds, how long it is kept and how it is erased', () => {
  const rows = (text: string): readonly string[] =>
    text
      .split('\n')
      .flatMap((line) => (line.startsWith('|') ? [line.replace(/ +/gu, ' ').replace(/-+/gu, '-')] : []));
  expect(rows(readme)).toEqual(expect.arrayContaining([...rows(kindsTable())]));
});

test('every command the README names exists', () => {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    readonly scripts: Readonly<Record<string, string>>;
  };
  const named = [...readme.matchAll(/npm (?:run ([\w-]+)|(start|test))\b/gu)].map(
    ([, run, plain]) => run ?? plain ?? '',
  );
  expect(named.length).toBeGreaterThan(3);
  for (const name of named) expect(Object.keys(scripts)).toContain(name);
});

/** Type errors of a text, as if it were a file of a project that has the package installed. */
function faultsOf(text: string): readonly string[] {
  const file = join(root, 'test', 'readme-example.ts');
  const options: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2023,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    strict: true,
    noImplicitAny: false,
    skipLibCheck: true,
    noEmit: true,
    allowImportingTsExtensions: true,
    types: ['node'],
    paths: { 'botbuilder-reconnect': [join(root, 'src/index.ts')] },
  };
  const disk = ts.createCompilerHost(options);
  const host: ts.CompilerHost = {
    ...disk,
    fileExists: (name) => name === file || disk.fileExists(name),
    readFile: (name) => (name === file ? text : disk.readFile(name)),
    getSourceFile: (name, ...rest) =>
      name === file
        ? ts.createSourceFile(name, text, ts.ScriptTarget.ES2023)
        : disk.getSourceFile(name, ...rest),
  };
  const program = ts.createProgram([file], options, host);
  return program
    .getSemanticDiagnostics(program.getSourceFile(file))
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
}
