export { openShopClients, type ShopClients } from './clients.ts';
export { ProcessEnded, type ProcessOptions, type ServiceProcess, startProcess } from './process.ts';
export { type AppName, defaultPorts, type ServiceName, serviceNames } from './services.ts';
export { type Shop, type ShopOptions, startShop } from './shop.ts';
