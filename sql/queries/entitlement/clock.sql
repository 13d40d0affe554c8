-- params: none
-- returns: sequence int8, floor int8
SELECT sequence, floor FROM entitlement_clock
