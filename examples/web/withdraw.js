// Finds the notifications that a push withdraws, because what they told of was deleted: for the page and for the service worker.

/** The notifications on display that are meant: by their tag, or where others have the same tag by their delivery. */
export async function withdrawn({ withdraw: tag, withdrawDelivery: delivery }, registration) {
  const shown = await registration.getNotifications();
  return shown.filter((each) =>
    delivery === undefined ? each.tag === tag : deliveryOf(each) === delivery,
  );
}

/** One that the SDK showed keeps the whole message under FCM_MSG. */
function deliveryOf({ data }) {
  return (data?.FCM_MSG?.data ?? data)?.deliveryId;
}
