import type { DescField, DescMessage } from '@bufbuild/protobuf';

/** What a value has to be: a message, the value of a field, or an element of its list or map. */
export type Expected =
  | { readonly kind: 'message'; readonly message: DescMessage }
  | { readonly kind: 'field'; readonly field: DescField }
  | { readonly kind: 'element'; readonly field: DescField & { fieldKind: 'list' | 'map' } };
