/** Body of an answer, whose type follows from the call. */
export const dataOf = async <T>(call: Promise<{ readonly data?: T }>): Promise<T> => (await call).data as T;
