import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";

/** Checks values against schemas of an OpenAPI description, whose references lead into its components. */
export function describedSchemas(description: object) {
  const ajv = new Ajv2020({ strict: false, validateFormats: false }).addSchema(description, "api");
  const compiled = new Map<object, ValidateFunction>();
  const validatorOf = (schema: object): ValidateFunction => {
    const known = compiled.get(schema);
    if (known !== undefined) return known;
    const validate = ajv.compile(JSON.parse(JSON.stringify(schema).replaceAll('"#/components', '"api#/components')));
    compiled.set(schema, validate);
    return validate;
  };
  /** What is wrong with a value; undefined where nothing is. */
  return (schema: object, value: unknown): string | undefined => {
    const validate = validatorOf(schema);
    return validate(value) ? undefined : ajv.errorsText(validate.errors);
  };
}
