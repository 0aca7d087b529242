import { TokenBucket } from './token-bucket.ts';

const times = (count: number, work: () => void) => {
  for (let i = 0; i < count; i++) work();
};

it('is open while more than half of its tokens are left', () => {
  const bucket = new TokenBucket({ maxTokens: 10 });
  times(4, () => bucket.failed());
  expect(bucket.isOpen).toBe(true);
  bucket.failed();
  expect(bucket.isOpen).toBe(false);
});

it('opens again with enough successes, each of which puts a part of a token back', () => {
  const bucket = new TokenBucket({ maxTokens: 10, tokenRatio: 0.5 });
  times(5, () => bucket.failed());
  bucket.succeeded();
  expect(bucket.isOpen).toBe(true);
});

it('holds no more tokens than it has room for', () => {
  const bucket = new TokenBucket({ maxTokens: 4 });
  times(1_000, () => bucket.succeeded());
  times(2, () => bucket.failed());
  expect(bucket.isOpen).toBe(false);
});

it('owes no tokens, however many calls have failed', () => {
  const bucket = new TokenBucket({ maxTokens: 10, tokenRatio: 1 });
  times(1_000, () => bucket.failed());
  times(6, () => bucket.succeeded());
  expect(bucket.isOpen).toBe(true);
});

it.each([
  [{ maxTokens: 0 }, 'Not a number of tokens above 0, and 1000 at most: 0'],
  [{ maxTokens: 1_001 }, 'Not a number of tokens above 0, and 1000 at most: 1001'],
  [{ tokenRatio: 0 }, 'Not a ratio above 0: 0'],
])('refuses %j', (options, message) => {
  expect(() => new TokenBucket(options)).toThrow(new RangeError(message));
});
