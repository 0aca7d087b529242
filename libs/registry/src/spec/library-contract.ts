/** The contract of a library, as JSON of its `FileDescriptorProto`; `Borrow` takes what its variant says. */
export function libraryContract({
  borrowField = { name: 'copies', type: 'TYPE_INT32' },
  bookFields = [] as { name: string; type: string }[],
  borrowLevel = undefined as 'IDEMPOTENT' | undefined,
  borrowName = 'Borrow',
} = {}): object {
  const field = (number: number, name: string, type: string, more: object = {}) => ({
    ...{ name, number, type, label: 'LABEL_OPTIONAL', ...more },
  });
  return {
    name: 'library/v1/library.proto',
    package: 'library.v1',
    syntax: 'proto3',
    messageType: [
      { name: 'GetBookRequest', field: [field(1, 'isbn', 'TYPE_STRING')] },
      {
        name: 'Book',
        field: [
          field(1, 'isbn', 'TYPE_STRING'),
          field(2, 'title', 'TYPE_STRING'),
          field(3, 'page_count', 'TYPE_INT64'),
          ...bookFields.map(({ name, type }, index) => field(10 + index, name, type)),
        ],
      },
      {
        name: 'Wish',
        field: [field(1, 'isbn', 'TYPE_STRING'), field(2, borrowField.name, borrowField.type)],
      },
      {
        name: 'BorrowRequest',
        field: [
          field(1, 'reader', 'TYPE_STRING'),
          field(2, 'wishes', 'TYPE_MESSAGE', {
            label: 'LABEL_REPEATED',
            typeName: '.library.v1.Wish',
          }),
          field(3, 'until', 'TYPE_ENUM', { typeName: '.library.v1.Until' }),
        ],
      },
      { name: 'BorrowResponse', field: [field(1, 'loan', 'TYPE_STRING')] },
    ],
    enumType: [
      {
        name: 'Until',
        value: [
          { name: 'UNTIL_UNSPECIFIED', number: 0 },
          { name: 'UNTIL_MONDAY', number: 1 },
        ],
      },
    ],
    service: [
      {
        name: 'Library',
        method: [
          {
            name: 'GetBook',
            inputType: '.library.v1.GetBookRequest',
            outputType: '.library.v1.Book',
            options: { idempotencyLevel: 'NO_SIDE_EFFECTS' },
          },
          {
            name: borrowName,
            inputType: '.library.v1.BorrowRequest',
            outputType: '.library.v1.BorrowResponse',
            ...(borrowLevel && { options: { idempotencyLevel: borrowLevel } }),
          },
          {
            name: 'Browse',
            inputType: '.library.v1.GetBookRequest',
            outputType: '.library.v1.Book',
            serverStreaming: true,
            options: { idempotencyLevel: 'NO_SIDE_EFFECTS' },
          },
        ],
      },
    ],
  };
}
