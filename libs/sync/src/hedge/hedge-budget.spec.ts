import { HedgeBudget } from './hedge-budget.ts';

it('gives one hedge for twenty calls', () => {
  const budget = new HedgeBudget();
  let hedges = 0;
  for (let calls = 0; calls < 1_000; calls++) {
    budget.accrue(0.05);
    if (budget.take()) hedges += 1;
  }
  expect(hedges).toBe(50);
});

it('gives none before there were enough calls', () => {
  const budget = new HedgeBudget();
  expect(budget.take()).toBe(false);
  budget.accrue(0.5);
  expect(budget.take()).toBe(false);
});

it('saves ten hedges at most', () => {
  const budget = new HedgeBudget();
  for (let calls = 0; calls < 10_000; calls++) budget.accrue(0.05);
  const taken = Array.from({ length: 20 }, () => budget.take()).filter(Boolean);
  expect(taken).toHaveLength(10);
});
