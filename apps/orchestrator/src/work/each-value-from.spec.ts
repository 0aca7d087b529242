import { Code } from '@trivium/rpc';
import { Observable, Subject, of, throwError } from 'rxjs';
import { eachValueFrom } from './each-value-from.ts';

const all = async <T>(source: Observable<T>): Promise<T[]> => {
  const values: T[] = [];
  for await (const value of eachValueFrom(source)) values.push(value);
  return values;
};

it('gives every value in order, also those that come while one is worked on', async () => {
  const subject = new Subject<number>();
  const values = all(subject);
  subject.next(1);
  subject.next(2);
  await Promise.resolve();
  subject.next(3);
  subject.complete();
  await expect(values).resolves.toEqual([1, 2, 3]);
  await expect(all(of(1, 2))).resolves.toEqual([1, 2]);
});

it('throws what the source errs with', async () => {
  const error = new Error('broken');
  await expect(all(throwError(() => error))).rejects.toBe(error);
});

it('unsubscribes when the loop is left', async () => {
  let isUnsubscribed = false;
  const source = new Observable<number>((subscriber) => {
    subscriber.next(1);
    return () => (isUnsubscribed = true);
  });
  for await (const value of eachValueFrom(source)) if (value === 1) break;
  expect(isUnsubscribed).toBe(true);
});

it('fails when too many values wait', async () => {
  const source = new Observable<number>((subscriber) => {
    for (let n = 0; n < 20_000 && !subscriber.closed; n += 1) subscriber.next(n);
  });
  await expect(all(source)).rejects.toMatchObject({ code: Code.RESOURCE_EXHAUSTED });
});
