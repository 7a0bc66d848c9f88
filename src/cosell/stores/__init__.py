"""Where a host keeps records, events, effects and ledger entries."""
