export const topics: readonly string[] = ['sales'];
