export { serve, type Served } from './serve.ts';
export { failureOf } from './failure-of.ts';
