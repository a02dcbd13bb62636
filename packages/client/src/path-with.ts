/** The one parameter that is the rest of a path: an artefact's name, such as `native/config.json`. */
const REST = "name";

/** Fills in the parameters of a path of the description. */
export const pathWith = (path: string, parameters: Readonly<Record<string, unknown>>): string =>
  path.replaceAll(/\{(\w+)\}/g, (_whole, name: string) => {
    const value = String(parameters[name]);
    return name === REST ? value.split("/").map(encodeURIComponent).join("/") : encodeURIComponent(value);
  });
