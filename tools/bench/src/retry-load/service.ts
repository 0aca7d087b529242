import { Code, RpcError } from '@trivium/rpc';
import { serveCatalog } from '../load/catalog-service.ts';

// A service that is down, and counts who still calls it.
await serveCatalog(() => Promise.reject(new RpcError(Code.UNAVAILABLE, 'Down')));
