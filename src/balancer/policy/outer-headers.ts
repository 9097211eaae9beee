/*
 * What the outer side of a policy tells the inner one, in headers that neither clients nor instances see: a door of the
 * proxy takes them away, and nobody else can reach that door.
 */

/** Which route a request took. */
export const routeHeader = 'x-timonel-route';

/**
 * And whose it is. The PROXY protocol would say it once a connection, and so keep clients from sharing them: measured, a
 * request cost three times as much.
 */
export const clientHeader = 'x-timonel-client';

/** A number that all tries of a request have in common. */
export const tryHeader = 'x-timonel-try';

/** How long the first pause between two of them is, milliseconds. */
export const pauseHeader = 'x-timonel-pause';

/** The way back: the status of an answer that is not worth another try. */
export const refusedHeader = 'x-timonel-refused';
