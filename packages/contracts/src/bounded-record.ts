import { z } from "zod";

/** An object of free keys with at most `most` of them, which JSON Schema is told too. */
export const boundedRecord = <V extends z.ZodType>(key: z.ZodString, value: V, most: number) =>
  z
    .record(key, value)
    .refine((record) => Object.keys(record).length <= most, `Too many keys: at most ${most}`)
    .meta({ maxProperties: most });
