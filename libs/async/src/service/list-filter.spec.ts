import { BadRequest } from '@trivium/contracts/google/rpc/error_details';
import { Code, findDetail, RpcError } from '@trivium/rpc';
import { parseFilter } from './list-filter.ts';

it.each([
  ['', {}],
  ['  ', {}],
  ['done=true', { done: true }],
  [' done = false ', { done: false }],
  ['kind = placeOrder', { kind: 'placeOrder' }],
  ['kind="a \\"b\\" AND c"', { kind: 'a "b" AND c' }],
  ['kind=""', { kind: '' }],
  ['done=false AND kind="x"', { done: false, kind: 'x' }],
  ['create_time >= "2026-01-31T12:00:00Z"', { createdFromMs: Date.UTC(2026, 0, 31, 12) }],
  ['create_time > 2026-01-31T12:00:00+01:00', { createdFromMs: Date.UTC(2026, 0, 31, 11) + 1 }],
  [
    'create_time>="2026-01-31T12:00:00Z" AND create_time<"2026-01-31T12:00:00.5Z" AND done=true',
    {
      createdFromMs: Date.UTC(2026, 0, 31, 12),
      createdBeforeMs: Date.UTC(2026, 0, 31, 12) + 500,
      done: true,
    },
  ],
  [
    'create_time <= "2026-01-31T12:00:00Z" AND create_time <= "2026-01-30T12:00:00Z"',
    { createdBeforeMs: Date.UTC(2026, 0, 30, 12) + 1 },
  ],
])('reads %p', (text, filter) => {
  expect(parseFilter(text)).toEqual(filter);
});

it.each([
  ['name=x', 'unknown field, name'],
  ['done=maybe', 'compares done with maybe'],
  ['done!=true', 'by !='],
  ['done=true done=false', 'something else than AND at " done=false"'],
  ['done=true OR done=false', 'something else than AND'],
  ['done=true AND', 'ends with AND'],
  ['done=true AND AND', 'no comparison at "AND"'],
  ['done=true AND done=true', 'more than once'],
  ['(done=true)', 'no comparison'],
  ['kind="x', 'no comparison'],
  ['kind', 'no comparison'],
  ['create_time="2026-01-31T12:00:00Z"', 'create_time by ='],
  ['create_time>yesterday', 'no timestamp in create_time>yesterday'],
  ['create_time>2026-13-31T12:00:00Z', 'no timestamp'],
])('refuses %p and says why and what to write instead', (text, why) => {
  const error = caught(() => parseFilter(text));
  expect(error.code).toBe(Code.INVALID_ARGUMENT);
  expect(findDetail(error, BadRequest)?.fieldViolations).toMatchObject([
    { field: 'filter', description: expect.stringContaining(why) },
  ]);
  expect(error.message).toContain('use done = true or done = false');
});

function caught(work: () => unknown): RpcError {
  try {
    work();
  } catch (error) {
    if (error instanceof RpcError) return error;
  }
  throw new Error('It was not refused.');
}
