import { apnsExtras, apnsOptionsSchema } from './options';

describe('apnsOptionsSchema', () => {
  it.each([
    {},
    { pushType: 'voip' },
    { pushType: 'mdm', topic: 'com.apple.mgmt.External.1' },
    { aps: { 'filter-criteria': 'a' }, custom: { list: [[1], { deep: null }] } },
  ])('takes %j', (options) => {
    expect(apnsOptionsSchema.safeParse(options).error).toBeUndefined();
  });

  it.each<[string, object, RegExp]>([
    ['a type that follows from the style', { pushType: 'alert' }, /follow from the style/],
    ['mdm without its topic', { pushType: 'mdm' }, /UID of the MDM push certificate/],
    ['a topic that is no header', { topic: 'a\r\nb' }, /expected a topic/],
    ['aps beside aps', { custom: { aps: {} } }, /put its keys into apns.aps/],
    ['what JSON cannot say', { custom: { at: new Date(0) } }, /expected JSON values/],
    ['a list', { aps: [] }, /expected an object/],
    ['a misspelt field', { customs: {} }, /customs/],
  ])('refuses %s', (_what, options, words) => {
    expect(apnsOptionsSchema.safeParse(options).error?.message).toMatch(words);
  });
});

describe('apnsExtras', () => {
  it('keeps objects as JSON text, and nothing of what is absent', () => {
    expect(apnsExtras({ pushType: undefined, custom: { list: [[1]] } })).toEqual({
      custom: '{"list":[[1]]}',
    });
    expect(apnsExtras({ pushType: 'voip', topic: 't', aps: {} })).toEqual({
      pushType: 'voip',
      topic: 't',
      aps: '{}',
    });
  });
});
