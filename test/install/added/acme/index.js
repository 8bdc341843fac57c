export * from '@firestore-push/push';
