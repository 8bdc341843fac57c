/** A kit module that measures real time. */
export { Deadlines } from '../../../../kit/src/providers/http2/deadlines.ts';
