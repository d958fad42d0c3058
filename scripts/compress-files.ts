import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const brotliQuality = 9;

/** Puts a compressed copy of each file of a folder beside it, so that none is compressed when it is asked for. */
export function compressFiles(folder: string): void {
  for (const name of readdirSync(folder)) {
    const content = readFileSync(folder + name);
    writeFileSync(`${folder}${name}.gz`, gzipSync(content, { level: constants.Z_BEST_COMPRESSION }));
    const params = { [constants.BROTLI_PARAM_QUALITY]: brotliQuality };
    writeFileSync(`${folder}${name}.br`, brotliCompressSync(content, { params }));
  }
}
