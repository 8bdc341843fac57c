export { notifyNotice } from './notice';
export { notifyOffer } from './offer';
export { notifyOrder } from './order';
