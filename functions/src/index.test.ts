import * as deployed from '.';

const created = 'google.cloud.firestore.document.v1.created';

/** What `firebase deploy` reads of an export, with params as their names. */
function surfaceOf(name: keyof typeof deployed): unknown {
  const { __endpoint: endpoint } = deployed[name] as unknown as { __endpoint: unknown };
  return JSON.parse(JSON.stringify(endpoint));
}

describe('what is deployed', () => {
  it.each<[keyof typeof deployed, string]>([
    ['notifyLike', 'posts/{postId}/likes/{likerId}'],
    ['notifyComment', 'posts/{postId}/comments/{commentId}'],
    ['notifyFollow', 'follows/{followId}'],
    ['notifyInvitation', 'invitations/{uid}/chats/{chatId}'],
    ['notifyChatMessage', 'chats/{chatId}/messages/{messageId}'],
  ])('%s fires when %s is created, and again if it failed', (name, document) => {
    expect(surfaceOf(name)).toMatchObject({
      eventTrigger: {
        eventType: created,
        eventFilterPathPatterns: { document },
        retry: true,
      },
    });
  });

  it('has the kit’s functions beside them', () => {
    expect(surfaceOf('registerToken')).toMatchObject({ callableTrigger: {} });
    expect(surfaceOf('deliveryTasks')).toMatchObject({ taskQueueTrigger: {} });
  });
});
