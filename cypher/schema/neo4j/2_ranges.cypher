// What lists are filtered and sorted by.
CREATE INDEX model_downloads IF NOT EXISTS FOR (m:Model) ON (m.downloads);
CREATE INDEX model_likes IF NOT EXISTS FOR (m:Model) ON (m.likes);
CREATE INDEX model_createdAt IF NOT EXISTS FOR (m:Model) ON (m.createdAt);
CREATE INDEX model_lastModified IF NOT EXISTS FOR (m:Model) ON (m.lastModified);
CREATE INDEX model_task IF NOT EXISTS FOR (m:Model) ON (m.task);
CREATE INDEX model_library IF NOT EXISTS FOR (m:Model) ON (m.library);
CREATE INDEX model_license IF NOT EXISTS FOR (m:Model) ON (m.license);
CREATE INDEX model_author IF NOT EXISTS FOR (m:Model) ON (m.author);
CREATE INDEX model_builtOn IF NOT EXISTS FOR (m:Model) ON (m.builtOn);
CREATE INDEX model_mergedFrom IF NOT EXISTS FOR (m:Model) ON (m.mergedFrom);
CREATE INDEX model_nameKey IF NOT EXISTS FOR (m:Model) ON (m.nameKey);
CREATE INDEX model_deletedAt IF NOT EXISTS FOR (m:Model) ON (m.deletedAt);
