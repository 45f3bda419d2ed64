import { configureGlobal } from 'fast-check';

// One counterexample is enough; the smallest one costs a hundred runs more.
configureGlobal({ endOnFailure: true });
