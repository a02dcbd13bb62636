/** Host and port of a receiver's URL: what shares a bounded number of attempts in flight. Throws TypeError for no URL. */
export const receiverHost = (url: string): string => new URL(url).host;
