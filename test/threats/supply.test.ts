import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

interface Locked {
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly link?: boolean;
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly hasInstallScript?: boolean;
}

const read = (file: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8'));
const { lockfileVersion, packages } = read('package-lock.json') as {
  readonly lockfileVersion: number;
  readonly packages: Readonly<Record<string, Locked>>;
};
const { dependencies, devDependencies } = read('package.json') as Readonly<
  Record<'dependencies' | 'devDependencies', Readonly<Record<string, string>>>
>;
const locked = Object.entries(packages).filter(([path]) => path !== '');
const nameOf = (path: string): string => path.slice(path.lastIndexOf('node_modules/') + 13);

/** Whose code may run when the tree is installed, and why. Nothing is installed where the house is deployed. */
const MAY_RUN: Readonly<Record<string, string>> = {
  'dtrace-provider': 'restify’s, optional: probes for DTrace; where they cannot be built there are none',
  'core-js': 'of Web Chat’s and azurite’s trees: prints a request for donations',
  'core-js-pure': 'the same',
  esbuild: 'bundles our pages and Vitest’s files: puts its program for this machine in place',
  'markdown-it-attrs-es5': 'of Web Chat’s tree: builds itself, with an esbuild of its own',
  node: 'the Node that tests and scripts run on: puts its program for this machine in place',
  protobufjs: 'of the telemetry in azurite’s tree: checks how its version is written in package.json',
};

describe('T47: what is installed', () => {
  test('T47: is what the lock names, byte by byte', () => {
    expect(lockfileVersion).toBe(3);
    expect(locked.length).toBeGreaterThan(1_000);
    const unsealed = locked.filter(
      ([, { integrity = '' }]) => !/^sha512-[A-Za-z0-9+/]{86}==$/u.test(integrity),
    );
    expect(unsealed.map(([path]) => path)).toEqual([]);
  });

  test('T47: comes from the registry: no other host, no repository, no folder', () => {
    const elsewhere = locked.filter(
      ([, { resolved, link }]) =>
        link === true || (resolved !== undefined && !resolved.startsWith('https://registry.npmjs.org/')),
    );
    expect(elsewhere.map(([path]) => path)).toEqual([]);
    const ranges = Object.entries({ ...dependencies, ...devDependencies });
    for (const [name, range] of ranges)
      expect([name, range]).toEqual([name, expect.stringMatching(/^\^?\d+\.\d+\.\d+[\w.-]*$/u)]);
  });

  test('T47: runs nothing on the machine that installs it, but what is listed here with its reason', () => {
    const scripts = locked.filter(([, { hasInstallScript }]) => hasInstallScript === true);
    expect([...new Set(scripts.map(([path]) => nameOf(path)))].sort()).toEqual(Object.keys(MAY_RUN).sort());
    const deployed = scripts.filter(([, { dev }]) => dev !== true);
    expect(deployed.map(([path, { optional }]) => [path, optional])).toEqual([
      ['node_modules/dtrace-provider', true],
    ]);
  });
});
