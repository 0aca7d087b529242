export { serve, type Served } from './serve.ts';
export { failureOf } from './failure-of.ts';
export { deferred, type Deferred } from './deferred.ts';
