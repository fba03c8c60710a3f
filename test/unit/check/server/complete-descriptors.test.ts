import { expect } from 'chai';
import descriptors, { type IFileDescriptorProto } from 'protobufjs/ext/descriptor/index.js';
import { completeDescriptors } from '../../../../src/check/server/complete-descriptors.ts';
import { loadAuthorizationDefinition } from '../../../../src/check/wire/authorization-service.ts';

describe('reflection: complete descriptors', () => {
  let files: IFileDescriptorProto[];
  before(() => {
    const loaded = Object.values(loadAuthorizationDefinition({ keepCase: true }));
    const encoded = loaded.flatMap(entry => (entry as { fileDescriptorProtos?: Buffer[] }).fileDescriptorProtos ?? []);
    const { FileDescriptorProto } = descriptors;
    files = completeDescriptors(encoded).map(bytes => FileDescriptorProto.toObject(FileDescriptorProto.decode(bytes)));
  });
  const message = (name: string) =>
    files.flatMap(({ messageType = [] }) => messageType).find(candidate => candidate.name === name);
  const typeOf = (owner: string, field: string) => message(owner)?.field?.find(({ name }) => name === field)?.typeName;

  it('name types from the root, whichever file they stand in', () => {
    expect(typeOf('CheckRequest', 'attributes')).to.equal('.envoy.service.auth.v3.AttributeContext');
    expect(typeOf('DeniedHttpResponse', 'status')).to.equal('.envoy.type.v3.HttpStatus');
    expect(typeOf('CheckResponse', 'dynamic_metadata')).to.equal('.google.protobuf.Struct');
    expect(typeOf('HeaderValueOption', 'append')).to.equal('.google.protobuf.BoolValue');
  });

  it('name the files that they need, each of which is given, and given once', () => {
    const names = files.map(({ name }) => name);
    const auth = files.find(file => file.package === 'envoy.service.auth.v3');
    expect(auth?.dependency).to.have.members([
      'envoy_type_v3.proto',
      'envoy_config_core_v3.proto',
      'google_rpc.proto',
      'google_protobuf.proto',
    ]);
    expect(names).to.include.members(auth?.dependency);
    expect(new Set(names)).to.have.length(names.length);
  });

  it('name entries of maps as the compiler does', () => {
    const entries = message('AttributeContext')?.nestedType?.filter(({ options }) => options?.mapEntry);
    expect(entries?.map(({ name }) => name)).to.deep.equal(['ContextExtensionsEntry']);
    expect(typeOf('AttributeContext', 'context_extensions')).to.equal(
      '.envoy.service.auth.v3.AttributeContext.ContextExtensionsEntry',
    );
  });
});
