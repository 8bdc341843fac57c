import { PUSH_TYPES, SPECIAL_PUSH_TYPES, topicFor, type ApnsPushType } from './apns-push-types';

describe('push types', () => {
  it.each<[ApnsPushType, string | undefined]>([
    ['alert', 'com.example.app'],
    ['background', 'com.example.app'],
    ['voip', 'com.example.app.voip'],
    ['liveactivity', 'com.example.app.push-type.liveactivity'],
    ['location', 'com.example.app.location-query'],
    ['complication', 'com.example.app.complication'],
    ['fileprovider', 'com.example.app.pushkit.fileprovider'],
    ['mdm', undefined],
    ['pushtotalk', 'com.example.app.voip-ptt'],
    ['widgets', 'com.example.app.push-type.widgets'],
    ['controls', 'com.example.app.push-type.controls'],
  ])('%s goes to the topic %s', (type, topic) => {
    expect(topicFor(type, 'com.example.app')).toBe(topic);
  });

  it('have no topic without a bundle id', () => {
    expect(topicFor('alert', undefined)).toBeUndefined();
  });

  it('do not get their suffix twice', () => {
    expect(topicFor('voip', 'com.example.app.voip')).toBe('com.example.app.voip');
  });

  it('are all at most urgent but background, which Apple refuses at 10', () => {
    const urgent = Object.entries(PUSH_TYPES).map(([type, { priority }]) => [type, priority.high]);
    expect(Object.fromEntries(urgent)).toEqual({
      ...Object.fromEntries(SPECIAL_PUSH_TYPES.map((type) => [type, '10'])),
      alert: '10',
      background: '5',
    });
  });
});
