import openapiTS, { astToString, COMMENT_HEADER } from "openapi-typescript";
import ts from "typescript";

type Description = Parameters<typeof openapiTS>[0];

/** A member that may be left out may be `undefined` as well: JSON has no such value, so it is left out then. */
function orUndefined(member: ts.PropertySignature): ts.PropertySignature {
  const { modifiers, name, questionToken, type } = member;
  if (questionToken === undefined || type === undefined) return member;
  const none = ts.factory.createKeywordTypeNode(ts.SyntaxKind.UndefinedKeyword);
  const union = ts.factory.createUnionTypeNode([type, none]);
  return ts.factory.updatePropertySignature(member, modifiers, name, questionToken, union);
}

/** Examples would become comments, longer than the types. */
const withoutExamples = (name: string, value: unknown): unknown => (name === "example" ? undefined : value);

/** TypeScript of an OpenAPI description, for `openapi-fetch`. Members with a default may be left out of requests. */
export async function typesOf(description: object): Promise<string> {
  const plain = JSON.parse(JSON.stringify(description), withoutExamples);
  const nodes = await openapiTS(plain as Exclude<Description, string | URL | Buffer>, {
    defaultNonNullable: false,
    transformProperty: orUndefined,
  });
  return `${COMMENT_HEADER}${astToString(nodes)}`;
}
