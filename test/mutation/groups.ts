/** Sources whose every line is broken, and the test files that are asked whether they notice; the quickest first. */
export interface Group {
  readonly name: string;
  readonly sources: readonly string[];
  readonly tests: readonly string[];
}

export const GROUPS: readonly Group[] = [
  {
    name: 'session',
    sources: ['src/session/**/*.ts'],
    // Walks over every shape come last, for most mutants fall by one example at once; the longest walk does not come.
    tests: [
      'test/session/!(hours|timeline|stored|model|any-order|every-answer).test.ts',
      ...['hours', 'timeline', 'stored', 'model', 'any-order'].map((name) => `test/session/${name}.test.ts`),
    ],
  },
  {
    name: 'tokens',
    sources: [
      'src/handoff/links-{find,limits,redeem,secrets,token,use}.ts',
      'src/handoff/{codes,peppers,proof}.ts',
    ],
    tests: ['codes', 'proof', 'links-found', 'links-used', 'links-limits'].map(
      (name) => `test/handoff/${name}.test.ts`,
    ),
  },
];
