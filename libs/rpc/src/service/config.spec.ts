import { z } from 'zod';
import { defineConfig, describeConfig, readConfig, serviceVariables } from './config.ts';

const config = defineConfig({
  ...serviceVariables({ port: 50_051 }),
  CARRIERS: z.string().optional().describe('Which carriers to ask'),
  TOKEN: z.string().min(8, 'must have at least 8 characters').describe('What to sign with'),
});

it('reads each variable, and fills in what is not set', () => {
  expect(readConfig(config, { PORT: '0', TOKEN: '12345678', OTHER: 'ignored' })).toEqual({
    HOST: '127.0.0.1',
    PORT: 0,
    DATA_DIR: '.data',
    LOG_LEVEL: 'info',
    CARRIERS: undefined,
    TOKEN: '12345678',
  });
});

it('takes an empty variable as not set', () => {
  expect(readConfig(config, { PORT: '', TOKEN: '12345678' }).PORT).toBe(50_051);
});

it('names every variable that is wrong at once, and shows no value', () => {
  const environment = { PORT: '70000', LOG_LEVEL: 'loud', TOKEN: 'secret' };
  expect(() => readConfig(config, environment)).toThrow(
    'bad environment: PORT must be a number from 0 to 65535; ' +
      'LOG_LEVEL must be one of trace, debug, info, warn, error, fatal, silent; ' +
      'TOKEN must have at least 8 characters',
  );
  expect(() => readConfig(config, { PORT: '-1' })).toThrow(
    'bad environment: PORT must be a number from 0 to 65535; TOKEN must be set',
  );
});

it('describes every variable with its default', () => {
  expect(describeConfig(config).split('\n')).toEqual([
    '  HOST       The address to listen at; 0.0.0.0 is all of this machine (default 127.0.0.1)',
    '  PORT       The port to listen at; 0 is any free one (default 50051)',
    '  DATA_DIR   The folder that holds its data (default .data)',
    '  LOG_LEVEL  The least important lines that are logged (default info)',
    '  CARRIERS   Which carriers to ask (optional)',
    '  TOKEN      What to sign with (required)',
  ]);
});
