// The tools of OASIS come without types. Only what the tests use is declared.
declare module "odata-csdl" {
  export function xml2json(xml: string): Readonly<Record<string, unknown>>;
}
declare module "odata-openapi" {
  export function csdl2openapi(
    csdl: Readonly<Record<string, unknown>>,
    options?: { readonly messages?: string[]; readonly pathPrefix?: string },
  ): { readonly openapi: string; readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>> };
}
