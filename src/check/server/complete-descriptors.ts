import descriptors, { type IDescriptorProto, type IFileDescriptorProto } from 'protobufjs/ext/descriptor/index.js';

/** Where each message and enum stands: its full name to the name of its file. */
type Homes = ReadonlyMap<string, string>;

/**
 * Makes file descriptors as proto-loader writes them complete, for tools that take them at their word: names of types from
 * the root, the files that they stand in as dependencies, and entries of maps named as the compiler names them
 * (google/protobuf/descriptor.proto). Takes and gives encoded FileDescriptorProtos; repeated files are given once.
 */
export function completeDescriptors(encoded: readonly Uint8Array[]): Buffer[] {
  const decoded = encoded.map(bytes =>
    descriptors.FileDescriptorProto.toObject(descriptors.FileDescriptorProto.decode(bytes)),
  );
  const files = [...new Map((decoded as IFileDescriptorProto[]).map(file => [file.name, file])).values()];
  const homes = new Map<string, string>();
  for (const file of files) {
    for (const [message] of messagesOf(file)) {
      nameMapEntries(message);
    }
    for (const name of typeNames(file)) {
      homes.set(name, file.name ?? '');
    }
  }
  return files.map(file => {
    linkTypes(file, homes);
    const { FileDescriptorProto } = descriptors;
    return Buffer.from(FileDescriptorProto.encode(FileDescriptorProto.fromObject(file)).finish());
  });
}

/** Every message of a file, nested ones too, with its full name. */
function messagesOf(file: IFileDescriptorProto): [IDescriptorProto, string][] {
  const within = (messages: readonly IDescriptorProto[] = [], scope: string): [IDescriptorProto, string][] =>
    messages.flatMap(message => {
      const name = `${scope}.${message.name}`;
      return [[message, name], ...within(message.nestedType, name)] as [IDescriptorProto, string][];
    });
  return within(file.messageType, file.package ?? '');
}

function typeNames(file: IFileDescriptorProto): string[] {
  const nested = messagesOf(file).flatMap(([{ enumType = [] }, name]) => [
    name,
    ...enumType.map(each => `${name}.${each.name}`),
  ]);
  return [...nested, ...(file.enumType ?? []).map(each => `${file.package}.${each.name}`)];
}

function nameMapEntries({ field = [], nestedType = [] }: IDescriptorProto): void {
  for (const entry of nestedType.filter(({ options }) => options?.mapEntry)) {
    const owner = field.find(({ typeName }) => typeName === entry.name);
    if (owner?.name) {
      entry.name = `${owner.name.replaceAll(/(?:^|_)(.)/g, (_all, first: string) => first.toUpperCase())}Entry`;
      owner.typeName = entry.name;
    }
  }
}

function linkTypes(file: IFileDescriptorProto, homes: Homes): void {
  const needed = new Set<string>();
  for (const [{ field = [] }, scope] of messagesOf(file)) {
    for (const each of field.filter(({ typeName }) => typeName)) {
      const found = resolve(String(each.typeName), scope, homes);
      each.typeName = `.${found}`;
      needed.add(homes.get(found) ?? '');
    }
  }
  needed.delete(file.name ?? '');
  file.dependency = [...needed];
}

/** A type is looked for in the scope of whoever names it, and then in each around that. */
function resolve(name: string, scope: string, homes: Homes): string {
  const parts = scope.split('.');
  for (let depth = parts.length; depth > 0; depth -= 1) {
    const candidate = [...parts.slice(0, depth), name].join('.');
    if (homes.has(candidate)) {
      return candidate;
    }
  }
  return name.replace(/^\./, '');
}
