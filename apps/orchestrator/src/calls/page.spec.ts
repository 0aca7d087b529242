import { BadRequest } from '@trivium/contracts/google/rpc/error_details';
import { Code, type RpcError, findDetail } from '@trivium/rpc';
import { pageOf } from './page.ts';

const names = ['a', 'b', 'c', 'd'];
const page = (all: string[], pageSize: number, pageToken = '') =>
  pageOf(all, (name) => name, { pageSize, pageToken });

it('goes through all, page by page', () => {
  const first = page(names, 3);
  expect(first.page).toEqual(['a', 'b', 'c']);
  expect(page(names, 3, first.nextPageToken)).toEqual({ page: ['d'], nextPageToken: '' });
});

it('shows nothing twice, and leaves out nothing, when the list changes in between', () => {
  const { nextPageToken } = page(names, 2);
  expect(page(['aa', 'b', 'bb', 'c'], 2, nextPageToken).page).toEqual(['bb', 'c']);
});

it('has 100 on a page unless it is told, and 1000 at most', () => {
  const many = Array.from({ length: 2_000 }, (_, n) => String(n).padStart(4, '0'));
  expect(page(many, 0).page).toHaveLength(100);
  expect(page(many, 5_000).page).toHaveLength(1_000);
});

it('refuses a token that it has not given', () => {
  let error: RpcError | undefined;
  try {
    page(names, 1, 'nonsense');
  } catch (caught) {
    error = caught as RpcError;
  }
  expect(error?.code).toBe(Code.INVALID_ARGUMENT);
  expect(findDetail(error!, BadRequest)?.fieldViolations[0]?.field).toBe('page_token');
});
