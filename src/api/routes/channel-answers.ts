export const channelRows = async (_tx: unknown) => []
