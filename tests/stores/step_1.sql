BEGIN TRANSACTION;
CREATE TABLE cosell_answer (
        record_id TEXT NOT NULL,
        party TEXT NOT NULL,
        key TEXT NOT NULL,
        command_digest TEXT NOT NULL,
        answer TEXT NOT NULL,
        PRIMARY KEY (record_id, party, key)
    ) STRICT;
INSERT INTO "cosell_answer" VALUES('r-1','acme','form-881','command 1','answer 1');
CREATE TABLE cosell_claim (
        key TEXT NOT NULL PRIMARY KEY,
        holder TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
INSERT INTO "cosell_claim" VALUES('protection:example.com:core','r-1');
CREATE TABLE cosell_effect (
        position INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        record_id TEXT NOT NULL,
        leased_until INTEGER,
        body TEXT NOT NULL
    ) STRICT;
INSERT INTO "cosell_effect" VALUES(1,'r-1/1/1','r-1',NULL,'{"id":"r-1/1/1","record_id":"r-1","kind":"notify","to":"partner","data":{"number":0}}');
INSERT INTO "cosell_effect" VALUES(2,'r-1/1/2','r-1',NULL,'{"id":"r-1/1/2","record_id":"r-1","kind":"notify","to":"partner","data":{"number":1}}');
CREATE TABLE cosell_entry (
        position INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        fee_id TEXT NOT NULL,
        record_id TEXT NOT NULL,
        plan TEXT NOT NULL,
        activity TEXT NOT NULL,
        payee TEXT NOT NULL,
        kind TEXT NOT NULL,
        amount TEXT NOT NULL,
        currency TEXT NOT NULL,
        at TEXT NOT NULL,
        occasion TEXT,
        cause TEXT NOT NULL,
        reason TEXT
    ) STRICT;
INSERT INTO "cosell_entry" VALUES(1,'e-1','fee of e-1','r-1','referral@1','referral','acme','earned','1234.50','EUR','2026-11-20T12:00:00+00:00',NULL,'r-1/1','Invoice 7, ž');
CREATE TABLE cosell_event (
        record_id TEXT NOT NULL,
        seq INTEGER NOT NULL,
        body TEXT NOT NULL,
        PRIMARY KEY (record_id, seq)
    ) STRICT;
INSERT INTO "cosell_event" VALUES('r-1',1,'{"record_id":"r-1","seq":1,"kind":"opened","at":"2026-11-20T13:00:00Z","actor":{"id":"p-7","role":"partner","party":"acme"},"process":{"id":"make","version":3,"digest":"dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd"},"previous":"0000000000000000000000000000000000000000000000000000000000000000","digest":"0000000000000000000000000000000000000000000000000000000000000001"}');
CREATE TABLE cosell_record (
        id TEXT NOT NULL PRIMARY KEY,
        version INTEGER NOT NULL,
        process_id TEXT NOT NULL,
        process_version INTEGER NOT NULL,
        process_digest TEXT,
        stage TEXT NOT NULL,
        ended INTEGER NOT NULL,
        digest TEXT NOT NULL,
        last_at TEXT NOT NULL,
        next_at INTEGER,
        body TEXT NOT NULL
    ) STRICT;
INSERT INTO "cosell_record" VALUES('r-1',1,'make',3,'dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd','open',0,'0000000000000000000000000000000000000000000000000000000000000001','2026-11-20T13:00:00+00:00',1795176000000000,'{"version": 1}');
CREATE TABLE cosell_schema (step INTEGER PRIMARY KEY) STRICT;
INSERT INTO "cosell_schema" VALUES(1);
CREATE INDEX cosell_record_due ON cosell_record (next_at, id) WHERE next_at IS NOT NULL;
CREATE INDEX cosell_record_ended ON cosell_record (ended, id);
CREATE INDEX cosell_record_stage ON cosell_record (stage, id);
CREATE INDEX cosell_effect_lease ON cosell_effect (record_id, leased_until);
CREATE INDEX cosell_entry_payee ON cosell_entry (payee, position);
CREATE INDEX cosell_entry_record ON cosell_entry (record_id, position);
COMMIT;
