import { stripTypeScriptTypes } from 'node:module';

/** A jest transform that erases types in place, so that lines and columns stay what they are. */
export default {
  process: (source) => ({ code: stripTypeScriptTypes(source) }),
};
