import { apnsExtras, apnsOptions } from './apns-options';

function deep(levels: number): object {
  return Array.from({ length: levels }).reduce<object>((inner) => ({ inner }), {});
}

function circular(): object {
  const object: { self?: object } = {};
  object.self = object;
  return object;
}

describe('apnsOptions', () => {
  it.each([
    {},
    { pushType: 'voip' },
    { pushType: 'mdm', topic: 'com.apple.mgmt.External.1' },
    { aps: { 'filter-criteria': 'a' }, custom: { list: [[1], { deep: null }] } },
  ])('takes %j', (options) => {
    expect(apnsOptions().safeParse(options).error).toBeUndefined();
  });

  it.each<[string, object, RegExp]>([
    ['a type that follows from the style', { pushType: 'alert' }, /follow from the style/],
    ['mdm without its topic', { pushType: 'mdm' }, /UID of the MDM push certificate/],
    ['a topic that is no header', { topic: 'a\r\nb' }, /expected a topic/],
    ['aps beside aps', { custom: { aps: {} } }, /put its keys into apns.aps/],
    ['what JSON cannot say', { custom: { at: new Date(0) } }, /expected JSON values/],
    ['a list', { aps: [] }, /expected an object/],
    ['objects that nobody can read', { aps: deep(5000) }, /at most 20 levels deep/],
    ['an object that contains itself', { custom: circular() }, /at most 20 levels deep/],
    ['what no payload holds', { custom: { x: 'x'.repeat(5120) } }, /at most 5120 bytes of JSON/],
    ['half a character', { custom: { x: '\uD800' } }, /expected JSON values/],
    ['half a character in a key', { custom: { '\uD800': 1 } }, /expected JSON values/],
    ['a number without an end', { aps: { x: Infinity } }, /expected JSON values/],
    ['the picture beside aps', { custom: { fcm_options: {} } }, /is where the image goes/],
    ['a key of FCM', { custom: { 'gcm.message_id': '1' } }, /reserved by FCM/],
    ['a number for an alert', { aps: { alert: 7 } }, /expected a text or an object/],
    ['a misspelt field', { customs: {} }, /customs/],
  ])('refuses %s', (_what, options, words) => {
    expect(apnsOptions().safeParse(options).error?.message).toMatch(words);
  });
});

describe('apnsExtras', () => {
  it('keeps objects as JSON text, and nothing of what is absent', () => {
    expect(apnsExtras({ pushType: undefined, custom: { list: [[1]] } }, false)).toEqual({
      custom: '{"list":[[1]]}',
    });
    expect(apnsExtras({ pushType: 'voip', topic: 't', aps: {} }, false)).toEqual({
      pushType: 'voip',
      topic: 't',
      aps: '{}',
    });
  });

  it('makes the texts of an alert fit to be shown, however deep', () => {
    const alert = { title: { 'loc-args': ['a\u202Eb\nc'] }, body: 'd\u200B\ne', subtitle: 'f\ng' };
    const { aps } = apnsExtras({ aps: { alert, event: 'end\u200B' } }, false);
    expect(JSON.parse(aps ?? '')).toEqual({
      alert: { title: { 'loc-args': ['ab c'] }, body: 'd\ne', subtitle: 'f g' },
      event: 'end\u200B',
    });
    expect(apnsExtras({ aps: { alert: 'h\u0007i' } }, false).aps).toBe('{"alert":"hi"}');
  });

  it('leaves the sound to the field that names one, but not of a push type of its own', () => {
    expect(apnsExtras({ aps: { sound: 'a', x: 1 } }, true).aps).toBe('{"x":1}');
    expect(apnsExtras({ aps: { sound: 'a' } }, false).aps).toBe('{"sound":"a"}');
    expect(apnsExtras({ pushType: 'voip', aps: { sound: 'a' } }, true).aps).toBe('{"sound":"a"}');
  });
});
