// Property tests draw the same cases each time, so that a change is red by what it did. FAIRLEAD_PROPERTY_SEED draws others.
import fc from 'fast-check'

fc.configureGlobal({ seed: Number(process.env['FAIRLEAD_PROPERTY_SEED'] ?? 1) })
