/** What the emulator uses of the optional package espeak-ng (an Emscripten module of the command line program). */
declare module 'espeak-ng' {
  export interface FileSystem {
    writeFile(path: string, content: string): void;
    /** Throws when there is no such file. */
    readFile(path: string): Uint8Array<ArrayBuffer>;
  }

  export interface EspeakModule {
    FS: FileSystem;
  }

  /** Runs the program once, with these command line arguments. */
  export default function espeak(options: {
    arguments: string[];
    preRun: ((module: EspeakModule) => void)[];
    print(line: string): void;
    printErr(line: string): void;
    instantiateWasm(
      imports: WebAssembly.Imports,
      done: (instance: WebAssembly.Instance, module: WebAssembly.Module) => void,
    ): object;
  }): Promise<EspeakModule>;
}

/** Node has it; its types come with those of a browser, which the server does without. */
declare namespace WebAssembly {
  interface Module {
    readonly [Symbol.toStringTag]: string;
  }
  interface Instance {
    readonly exports: object;
  }
  type Imports = Record<string, Record<string, unknown>>;
  function compile(bytes: Uint8Array): Promise<Module>;
  function instantiate(module: Module, imports: Imports): Promise<Instance>;
}
